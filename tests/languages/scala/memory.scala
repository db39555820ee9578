import scala.collection.mutable.ListBuffer

object Main extends App {
  val blocks = ListBuffer[Array[Byte]]()
  while (true) blocks += new Array[Byte](1000000)
}
