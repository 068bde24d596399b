// What forms cannot do: live state, holding a button down. Every page works without this file.
"use strict";
