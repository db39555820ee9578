public class Main {
    public static void main(String[] args) {
        String text = 42;
    }
}
