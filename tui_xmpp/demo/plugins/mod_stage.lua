-- Sets the stage of the demonstration before anybody signs in: accounts, contact lists, rooms, bookmarks, archives.
--
-- `stage_file` is a JSON file that stage.py describes. All is written straight to storage, since 2,000 messages sent
-- one by one by clients would take longer than anybody waits for a demonstration.

local base64 = require "util.encodings".base64.encode;
local hmac_sha256 = require "util.hashes".hmac_sha256;
local json = require "util.json";
local new_id = require "util.id".medium;
local st = require "util.stanza";
local usermanager = require "core.usermanager";

local host = module.host;
local xmlns_bookmarks = "urn:xmpp:bookmarks:1";

local function read_stage()
	local file = assert(io.open(assert(module:get_option_string("stage_file"))));
	local stage = assert(json.decode(file:read("*a")));
	file:close();
	return stage;
end

local function fill_roster(username, contacts)
	local roster = {};
	for address, contact in pairs(contacts) do
		local groups = {};
		for _, group in ipairs(contact.groups) do
			groups[group] = true;
		end
		roster[address] = { name = contact.name; groups = groups; subscription = "both" };
	end
	assert(module:open_store("roster"):set(username, roster));
end

local function fill_archive(username, messages)
	local archive = module:open_store("archive", "archive");
	for _, message in ipairs(messages) do
		local stanza = st.message({ type = "chat", id = new_id(), from = message.sender, to = message.recipient })
			:text_tag("body", message.body);
		assert(archive:append(username, nil, stanza, message.time, message.peer));
	end
end

local function keep_bookmarks(username, bookmarks)
	local service = module:depends("pep").get_pep_service(username);
	local options = {
		persist_items = true;
		max_items = "max";
		send_last_published_item = "never";
		access_model = "whitelist";
	};
	for _, bookmark in ipairs(bookmarks) do
		local item = st.stanza("item", { xmlns = "http://jabber.org/protocol/pubsub", id = bookmark.room })
			:tag("conference", { xmlns = xmlns_bookmarks, name = bookmark.name, autojoin = "true" })
				:text_tag("nick", bookmark.nick);
		assert(service:publish(xmlns_bookmarks, true, bookmark.room, item, options));
	end
end

local function fill_room_archive(room, rooms, messages)
	local archive = rooms:open_store("muc_log", "archive");
	local name = room.jid:match("^[^@]+");
	-- as muc/occupant_id.lib.lua, so that those who are still here are known for those who wrote (XEP-0421)
	local salt = new_id();
	room._data.occupant_id_salt = salt;
	local occupant_ids = {};
	for _, message in ipairs(messages) do
		local author = message.author;
		occupant_ids[author] = occupant_ids[author] or base64(hmac_sha256(author, salt));
		local stanza = st.message({ type = "groupchat", id = new_id(), from = room.jid .. "/" .. message.nick })
			:text_tag("body", message.body)
			:tag("occupant-id", { xmlns = "urn:xmpp:occupant-id:0", id = occupant_ids[author] });
		assert(archive:append(name, nil, stanza, message.time, "message<groupchat"));
	end
end

local function open_room(plan)
	local rooms = module:context(plan.address:match("@(.+)$"));
	local room = assert(rooms:depends("muc").create_room(plan.address));
	room:set_persistent(true);
	room:set_name(plan.name);
	room:set_public(not plan.private);
	room:set_members_only(plan.private);
	room:set_whois(plan.private and "anyone" or "moderators");
	for address, affiliation in pairs(plan.affiliations) do
		assert(room:set_affiliation(true, address, affiliation));
	end
	room:set_subject(plan.address .. "/" .. plan.subject_by, plan.subject);
	assert(room:save(true));
	return room, rooms;
end

module:hook_global("server-started", function ()
	local stage = read_stage();
	for username, password in pairs(stage.accounts) do
		assert(usermanager.create_user(username, password, host));
	end
	for username, contacts in pairs(stage.rosters) do
		fill_roster(username, contacts);
	end
	for username, messages in pairs(stage.archives) do
		fill_archive(username, messages);
	end
	for _, plan in ipairs(stage.rooms) do
		local room, rooms = open_room(plan);
		-- The long archives are filled once the server is said to be ready, and still before it reads from a socket:
		-- they take a quarter of a second, in which the screen can be painted already.
		module:add_timer(0, function ()
			fill_room_archive(room, rooms, plan.messages);
		end);
	end
	for username, bookmarks in pairs(stage.bookmarks) do
		keep_bookmarks(username, bookmarks);
	end
end);
