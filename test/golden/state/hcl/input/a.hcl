locals {
  l = [1, 2, 3]
  m = { b = 2, a = 1, "x y" = 3, (upper("k")) = 4 }
}
values {
  obj = { x = 1, y = { z = "deep" } }
  t1 = "a${1 + 2}b$${x}%%{y}"
  t2 = "%{ if true }yes%{ else }no%{ endif }"
  t3 = "%{ for v in local.l ~} <${v}> %{ endfor }"
  h1 = <<EOT
one
  two ${local.l[0]}
EOT
  h2 = <<-EOT
    one
      two
    three
  EOT
  sp = [{ a = 1 }, { a = 2 }][*].a
  sp2 = local.m.*.b
  fo = { for k, v in local.m : upper(k) => v if v > 1 }
  fg = { for v in ["a", "b", "ab"] : substr(v, 0, 1) => v... }
  n1 = 1.5e3
  n2 = 7 % 3 + 2 * 3 - -1
  n3 = 10 / 4
  cmp = 1 < 2 && !(3 == 4) || false
  eq = "1" == 1
  c2 = false ? 1 : "x"
  c3 = true ? 1 : "x"
  idx = local.m["x y"]
  abs = abs(-3.5)
  can1 = can(hv.obj.nope)
  try1 = try(hv.obj.nope, "fallback")
  cidr = [cidrhost("10.0.0.0/8", 2), cidrhost("10.0.0.0/8", -2), cidrnetmask("10.0.0.0/16"), cidrsubnet("10.0.0.0/8", 8, 2), cidrhost("fd00:fd12:3456:7890::/56", 34), cidrsubnet("fd00::/48", 16, 1)]
  cidrs = cidrsubnets("10.0.0.0/8", 4, 4, 8)
  chomp = chomp("a\n\n")
  co = coalesce(null, 2)
  co2 = coalesce([null, "v"]...)
  cl = coalescelist([], ["v"])
  comp = compact(["", "a"])
  cont = contains(["a"], "a")
  csv = csvdecode("a,b\n1,\"x,y\"\n")
  dist = distinct(["a", "b", "a"])
  el = element(["a", "b"], 3)
  ch = chunklist(["a", "b", "c"], 2)
  fl = flatten([["a"], [["b"]], "c"])
  fmt = format("%s %d %5.2f %q %v %v %05d %-5s|%x %t %#v", "s", 3, 2.5, "q", [1, "a"], true, 42, "l", 255, true, {a = 1})
  fd = formatdate("EEEE, DD-MMM-YY hh:mm:ss ZZZ 'at' aa", "2024-01-02T15:04:05+02:00")
  fll = formatlist("%s-%s", "a", ["x", "y"])
  ind = indent(2, "a\nb")
  i = int(6.9)
  j = join("-", ["a", "b"], ["c"])
  jd = jsondecode("{\"a\": [1, 2.5, null, true]}")
  je = jsonencode({ b = 1, a = ["x", null], html = "<a>&" })
  ks = keys(local.m)
  len = length(local.l)
  lg = log(8, 2)
  lk = lookup(local.m, "zz", 9)
  lo = lower("ABC")
  mx = max(1, 5, 3)
  mg = merge({ a = 1, b = 2 }, { b = 3 })
  pi = parseint("ff", 16)
  pw = pow(2, 10)
  rg = range(1, 10, 3)
  rg2 = range(3)
  rg3 = range(3, 0)
  rx1 = regex("\\d+", "a 12-34")
  rx2 = regex("(\\d)(\\d)", "a 12-34")
  ra = regexall("\\d+", "a 12-34")
  rv = reverselist([1, 2])
  si = setintersection(["a", "b"], ["b", "c"])
  spd = setproduct(["a", "b"], [1, 2])
  ss = setsubtract(["a", "b"], ["b"])
  su = setunion(["b"], ["a"], ["b"])
  sg = signum(-5)
  sl = slice(["a", "b", "c"], 1, 2)
  so = sort(["b", "a", "C"])
  spl = split(",", "a,b")
  sr = strrev("abc")
  sle = strlen("añ")
  sub = substr("hello", -3, 2)
  ta = timeadd("2024-01-01T00:00:00Z", "1h30m")
  ti = title("hello wor-ld")
  tr = trim("xxaxx", "x")
  tp = trimprefix("abc", "a")
  tsp = trimspace("  a ")
  ts = trimsuffix("abc", "c")
  vs = values(local.m)
  yd = yamldecode("a: [1, 2]\nb: {c: d}")
  ye = yamlencode({ a = [1, "2"], b = { c = null } })
  z = zipmap(["a", "b"], [1, 2])
  nul = null
  big = 123456789012
  neg = -0.5
  esc = "tab\t quote\" uni\u00e9 nl\n"
}
