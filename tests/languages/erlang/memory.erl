-module(memory).
-export([main/1]).

main(_) ->
    grow([]).

grow(Numbers) ->
    grow([1 | Numbers]).
