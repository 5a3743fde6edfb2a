-- binary-trees: many trees made, walked and dropped while one lives on.
local function make(depth) if depth == 0 then return {} else return {make(depth - 1), make(depth - 1)} end end
local function nodes(t) if t[1] == nil then return 1 else return 1 + nodes(t[1]) + nodes(t[2]) end end
local most, sum = 15, 0
local long = make(most)
for depth = 4, most, 2 do
  for _ = 1, 1 << (most - depth + 4) do sum = sum + nodes(make(depth)) end
end
sum = sum + nodes(long)
print(sum == 6313311 and "ok" or "wrong " .. sum)
