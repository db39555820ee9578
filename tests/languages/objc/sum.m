#import <Foundation/Foundation.h>

@interface Adder : NSObject {
  long sum;
}
- (void)add:(long)number;
- (long)sum;
@end

@implementation Adder
- (void)add:(long)number {
  sum += number;
}
- (long)sum {
  return sum;
}
@end

int main(void) {
  Adder *adder = [Adder new];
  long number;
  while (scanf("%ld", &number) == 1) [adder add:number];
  printf("%ld\n", [adder sum]);
  return 0;
}
