       identification division.
       program-id. greet.
       procedure division.
           display greeting
           stop run.
