#include <stdio.h>

int divisor = 0;

int main(void)
{
    printf("%d\n", 100 / divisor);
    return 0;
}
