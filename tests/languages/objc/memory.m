#import <Foundation/Foundation.h>

int main(void) {
  NSMutableArray *blocks = [NSMutableArray new];
  for (;;) {
    NSMutableData *block = [[NSMutableData alloc] initWithLength:1000000];
    memset([block mutableBytes], 1, [block length]);
    [blocks addObject:block];
  }
}
