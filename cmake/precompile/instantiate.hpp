#pragma once
// The last of a target's precompiled headers, see instantiate.c.
#pragma rota_instantiate
