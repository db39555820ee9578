<?php
$blocks = [];
while (true) {
    $blocks[] = str_repeat('x', 1_000_000);
}
