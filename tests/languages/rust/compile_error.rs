fn main() {
    let text: String = 42;
    println!("{}", text);
}
