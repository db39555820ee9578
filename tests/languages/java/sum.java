import java.util.Scanner;

class Adder {
    private long sum = 0;

    void add(long number) {
        sum += number;
    }

    long sum() {
        return sum;
    }
}

public class Main {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        Adder adder = new Adder();
        while (in.hasNextLong()) {
            adder.add(in.nextLong());
        }
        System.out.println(adder.sum());
    }
}
