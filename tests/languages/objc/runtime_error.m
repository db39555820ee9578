#import <Foundation/Foundation.h>

int main(void) {
  NSArray *empty = [NSArray array];
  NSLog(@"%@", [empty objectAtIndex:1]);
  return 0;
}
