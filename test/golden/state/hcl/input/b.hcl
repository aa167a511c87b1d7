values {
  obj = { y = { more = 2 }, z = [1] }
}
