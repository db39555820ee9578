package main

import "fmt"

func main() {
	var text string = 42
	fmt.Println(text)
}
