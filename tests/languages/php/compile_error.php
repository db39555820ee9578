<?php
echo "Hello, world!\n"
echo "Bye!\n";
