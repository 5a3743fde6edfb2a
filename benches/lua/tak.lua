-- tak: recursion with three arguments and nested calls.
local function tak(x, y, z)
  if y < x then return tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) else return z end
end
local v
for _ = 1, 20 do v = tak(24, 16, 8) end
print(v == 9 and "ok" or "wrong")
