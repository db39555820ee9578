main :: IO ()
main = print (last (cycle [1 :: Int, 2, 3]))
