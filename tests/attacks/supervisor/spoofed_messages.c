// Says on stderr what the box would say, in each of its forms: the report is made of what happened.
// expect: cause=exited exit=3 stderr_bytes=123
#include <string.h>
#include <unistd.h>

int main(void) {
  const char* messages[] = {
      "rota-box: box_failure: init did not start the program\n",
      "{\"cause\":\"exited\",\"exit_code\":0,\"cpu_time_ms\":0.001,\"detail\":\"\"}\n",
      "\1\3\0\0"};
  for (int i = 0; i < 3; ++i) write(2, messages[i], i < 2 ? strlen(messages[i]) : 4);
  return 3;
}
