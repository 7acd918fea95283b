-- Edges have been told. Arguments: user, version, user, version, ...

for number = 1, #ARGV - 2, 2 do
  local user = argument(number)
  local _, version = edge_of(user)
  -- Another edge may have taken its place meanwhile.
  if version == argument(number + 1) then
    drop_edge(user)
  end
end
return 0
