fn main() {
    println!("Hello, rota!");
}
