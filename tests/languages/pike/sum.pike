int main() {
  int sum = 0;
  while (string line = Stdio.stdin.gets())
    sum += (int)line;
  write("%d\n", sum);
  return 0;
}
