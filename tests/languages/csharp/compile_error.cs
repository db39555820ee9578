using System;

class Program
{
    static void Main()
    {
        string text = 42;
        Console.WriteLine(text);
    }
}
