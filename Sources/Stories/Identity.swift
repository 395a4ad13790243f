/// Whether two values are the same to the byte.
///
/// Swift's strings are equal when they look alike: "é" as one character and as two. To an editor who changes one into the
/// other they are not.
public func identical<Value: Equatable>(_ left: Value, _ right: Value) -> Bool {
    left == right && String(reflecting: left).utf8.elementsEqual(String(reflecting: right).utf8)
}
