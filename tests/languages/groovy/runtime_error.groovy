def person = null
println person.name
