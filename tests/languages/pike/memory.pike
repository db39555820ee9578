int main() {
  array(string) blocks = ({});
  while (1)
    blocks += ({ "x" * 1000000 });
}
