-- Ties a private Prosody to the process that started it.
--
-- Its standard input is a pipe whose other end only that process holds. When the process lets go, or ends, however it
-- ends, the pipe closes; then the server stops and removes the directory it was given: even `kill -9` leaves nothing.
-- Once the ports are open it writes a word into `leash_ready_file`: "ready", or "busy" when a port was taken.

module:set_global();

local lfs = require "lfs";
local portmanager = require "core.portmanager";
local server = require "net.server";

local ready_file = module:get_option_string("leash_ready_file");
local doomed_directory = module:get_option_string("leash_remove_directory");

local function has_all_ports()
	local services = portmanager.get_active_services();
	for _, service in ipairs({ "c2s", "c2s_direct_tls" }) do
		local port = module:get_option_array(service .. "_ports")[1];
		if not services:get(service, "127.0.0.1", port) then
			return false;
		end
	end
	return true;
end

local function say(word)
	local file = assert(io.open(ready_file .. ".new", "w"));
	file:write(word);
	file:close();
	assert(os.rename(ready_file .. ".new", ready_file));
end

local function remove_tree(path)
	for name in lfs.dir(path) do
		if name ~= "." and name ~= ".." then
			local child = path .. "/" .. name;
			if lfs.symlinkattributes(child, "mode") == "directory" then
				remove_tree(child);
			else
				os.remove(child);
			end
		end
	end
	lfs.rmdir(path);
end

local leash;
leash = server.watchfd(0, function ()
	if io.stdin:read(1) then
		return;
	end
	leash:close();
	module:log("info", "Let go by the process that started this server");
	if doomed_directory then
		module:hook_global("server-stopped", function ()
			pcall(remove_tree, doomed_directory);
		end, -1000);
	end
	prosody.main_thread:run(function () -- it waits for clients to go, which only that thread may
		prosody.shutdown("This server was private and has ended");
	end);
end);

module:hook_global("server-started", function ()
	say(has_all_ports() and "ready" or "busy");
end, -1000);
