-- mandelbrot: the escape-time loop over a grid.
local function escape(cr, ci, limit)
  local zr, zi, i = 0.0, 0.0, 0
  while true do
    local rr, ii = zr * zr, zi * zi
    if i == limit or rr + ii > 4.0 then return i end
    zr, zi, i = rr - ii + cr, 2.0 * (zr * zi) + ci, i + 1
  end
end
local size, limit, total = 200, 200, 0
local step = 2.5 / size
for y = 0, size - 1 do
  for x = 0, size - 1 do total = total + escape(step * x - 2.0, step * y - 1.25, limit) end
end
print(total == 2160142 and "ok" or "wrong " .. total)
