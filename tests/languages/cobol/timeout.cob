       identification division.
       program-id. forever.
       procedure division.
           perform until 1 = 2
               continue
           end-perform.
