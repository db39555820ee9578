-module(runtime_error).
-export([main/1]).

main(_) ->
    io:format("~p~n", [hd(lists:seq(1, 0))]).
