object Main extends App {
  val text: String = 42
  println(text)
}
