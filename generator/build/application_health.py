"""The health check of `argoproj.io/Application` for argocd-cm, in Lua 5.1.

Without it sync waves between Applications wait for nothing (Argo CD 1.8 removed its own). The one
in Argo CD's documentation believes a status of an older spec; this one compares first.
"""

LUA = """\
-- Written by hubops: an Application counts as healthy only for the spec it has now.
local function equal(a, b)
  if type(a) ~= type(b) then return false end
  if type(a) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not equal(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local function verdict(status, message)
  return {status = status, message = message}
end

local spec, status = obj.spec, obj.status
if status == nil or status.health == nil or status.sync == nil or status.sync.comparedTo == nil then
  return verdict("Progressing", "Argo CD has not compared it yet")
end
local compared = status.sync.comparedTo
if (spec.source ~= nil and not equal(spec.source, compared.source))
  or (spec.sources ~= nil and not equal(spec.sources, compared.sources)) then
  return verdict("Progressing", "the status belongs to an older spec")
end
local operation = status.operationState
if operation ~= nil and operation.phase == "Running" then
  return verdict("Progressing", "a sync is running")
end
if status.sync.status == "Synced" then
  return verdict(status.health.status, status.health.message)
end
if operation ~= nil and (operation.phase == "Failed" or operation.phase == "Error") then
  local result = operation.syncResult
  local of_this_source = result ~= nil and equal(result.source, spec.source)
    and result.revision == status.sync.revision
  if result == nil or of_this_source then
    return verdict("Degraded", operation.message or "the sync failed")
  end
end
return verdict("Progressing", "not synced yet")
"""
