-- sort: quicksort of an array in place, the comparison passed in, exchange in a function of its own.
local function swap(v, i, j) v[i], v[j] = v[j], v[i] end
local function quicksort(v, low, high, less)
  if low < high then
    local pivot = v[(low + high) // 2]
    local i, j = low, high
    repeat
      while less(v[i], pivot) do i = i + 1 end
      while less(pivot, v[j]) do j = j - 1 end
      if i <= j then swap(v, i, j); i = i + 1; j = j - 1 else break end
    until false
    quicksort(v, low, j, less)
    quicksort(v, i, high, less)
  end
end
local function noise(n)
  local v, x = {}, 42
  for i = 0, n - 1 do v[i] = x // 16; x = (x * 1103515 + 12345) % 2147483 end
  return v
end
local ok
for _ = 1, 15 do
  local v = noise(100000)
  quicksort(v, 0, 99999, function(a, b) return a < b end)
  ok = true
  for i = 1, 99999 do if v[i - 1] > v[i] then ok = false end end
end
print(ok and "ok" or "wrong")
