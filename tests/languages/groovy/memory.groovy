def blocks = []
while (true) {
    blocks << new byte[1000000]
}
