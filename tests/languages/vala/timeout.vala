void main () {
    while (true) {
    }
}
