-- float-sum: a counting loop that adds floats.
local s = 0.0
for i = 0, 9999999 do s = s + 0.5 * (i + 0.0) end
print(s == 24999997500000.0 and "ok" or "wrong")
