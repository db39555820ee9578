#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 1000000

void *blocks[1000000];

int main(void)
{
    int i;

    for (i = 0; i < 1000000; i++) {
        blocks[i] = malloc(BLOCK_BYTES);
        memset(blocks[i], 1, BLOCK_BYTES);
    }
    return 0;
}
