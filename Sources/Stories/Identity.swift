/// Whether two values are the same to the byte, by their text for debugging, which names every member.
///
/// Swift's strings are equal when they look alike: "é" as one character and as two. To an editor who changes one into the
/// other they are not; and to find out whether two long texts look alike takes time in the square of their length.
public func identical<Value>(_ left: Value, _ right: Value) -> Bool {
    String(reflecting: left).utf8.elementsEqual(String(reflecting: right).utf8)
}
