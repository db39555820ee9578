local person = nil
print(person.name)
