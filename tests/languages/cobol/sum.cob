       identification division.
       program-id. adder.
       environment division.
       input-output section.
       file-control.
           select input-file assign to keyboard
               organization is line sequential.
       data division.
       file section.
       fd input-file.
       01 input-line pic x(20).
       working-storage section.
       01 total pic s9(18) value 0.
       01 total-text pic -(18)9.
       01 at-end pic x value "n".
       procedure division.
           open input input-file
           perform until at-end = "y"
               read input-file
                   at end move "y" to at-end
                   not at end
                       add function numval(input-line) to total
               end-read
           end-perform
           close input-file
           move total to total-text
           display function trim(total-text)
           stop run.
