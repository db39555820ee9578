let text: string = 42
echo text
