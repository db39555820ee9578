       identification division.
       program-id. hoarder.
       data division.
       working-storage section.
       01 storage-block pic x(1000000) based.
       procedure division.
           perform until 1 = 2
               allocate storage-block
               move all "x" to storage-block
           end-perform.
