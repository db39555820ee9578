       identification division.
       program-id. caller.
       procedure division.
           call "missing"
           stop run.
