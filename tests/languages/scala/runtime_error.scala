object Main extends App {
  val numbers = List(1, 2, 3)
  println(numbers(3))
}
