fun main() {
    val sum = generateSequence(::readLine).map { it.toLong() }.sum()
    println(sum)
}
