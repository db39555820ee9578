import java.util.ArrayList;
import java.util.List;

public class Main {
  public static void main(String[] arguments) {
    List<String> words = new ArrayList<>(List.of("Hello,", "rota!"));
    System.out.println(String.join(" ", words));
  }
}
