"""Opens the page: python app.py"""

from space.page import main

if __name__ == "__main__":
    main()
