#import <Foundation/Foundation.h>

int main(void) {
  NSStrong *text = @"there is no such class";
  return 0;
}
