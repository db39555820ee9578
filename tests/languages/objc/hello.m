#import <Foundation/Foundation.h>

@interface Greeter : NSObject
- (NSString *)greet:(NSString *)name;
@end

@implementation Greeter
- (NSString *)greet:(NSString *)name {
  return [NSString stringWithFormat:@"Hello, %@!", name];
}
@end

int main(void) {
  NSAutoreleasePool *pool = [NSAutoreleasePool new];
  Greeter *greeter = [Greeter new];
  printf("%s\n", [[greeter greet:@"world"] UTF8String]);
  [greeter release];
  [pool drain];
  return 0;
}
