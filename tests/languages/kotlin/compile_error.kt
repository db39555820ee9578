fun main() {
    val text: String = 42
    println(text)
}
