import scala.io.Source

object Main {
  def main(args: Array[String]): Unit = {
    println(Source.stdin.getLines().map(_.toLong).sum)
  }
}
